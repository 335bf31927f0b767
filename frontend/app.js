// Every page works without this file; it only makes some parts more comfortable.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
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
  Radios,
  ServiceNavigation,
  SkipLink,
].forEach((component) => createAll(component));

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
