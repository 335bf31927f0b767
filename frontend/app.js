// Every page works without this file; it only makes some parts more comfortable.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "./govuk-frontend.js";

[
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
].forEach((component) => createAll(component));

// Radios that reveal a question. GOV.UK Frontend's own script puts aria-expanded on radios, where ARIA has no such state.
document.querySelectorAll("[data-module='govuk-radios']").forEach((group) => {
  const reveal = () => {
    group.querySelectorAll("input[data-aria-controls]").forEach((input) => {
      const question = document.getElementById(input.dataset.ariaControls);
      question?.classList.toggle("govuk-radios__conditional--hidden", !input.checked);
    });
  };
  group.addEventListener("change", reveal);
  window.addEventListener("pageshow", reveal);
  reveal();
});

const selects = document.querySelectorAll("select[data-module='autocomplete']");
if (selects.length > 0) {
  await import("./accessible-autocomplete.js");
  selects.forEach((select) => {
    window.accessibleAutocomplete.enhanceSelectElement({
      selectElement: select,
      autoselect: false,
      confirmOnBlur: false,
      defaultValue: select.options[select.selectedIndex]?.value ? undefined : "",
      displayMenu: "overlay",
      menuAttributes: { "aria-labelledby": `${select.id}-label` },
    });
  });
}

document.querySelectorAll("[data-action='print']").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// A page that closes after a time says so before, and can be kept open: the button works without this too.
document.querySelectorAll("[data-time-limit]").forEach((box) => {
  const form = box.querySelector("form");
  const wait = () => {
    const seconds = Number(box.dataset.timeLimit) - Number(box.dataset.warnBefore);
    setTimeout(() => {
      box.hidden = false;
    }, seconds * 1000);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.ok && !answer.url.endsWith("/receipt")) {
      box.hidden = true;
      wait();
    } else {
      box.querySelector("p").textContent = box.dataset.closed;
    }
  });
  wait();
});
