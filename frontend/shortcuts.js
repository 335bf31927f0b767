// Keyboard shortcuts of the pages for staff. What there is stands in the dialog of the page (data/shortcuts.csv), which
// the server leaves out for whoever switched them off: then this file is not loaded. Nothing needs it.
const PAUSE_MS = 1500; // as long as the second key of "g d" may take
const TYPED_IN = "input:not([type='checkbox'], [type='radio'], [type='submit'], [type='button']), textarea, select, [contenteditable]";
const dialog = document.getElementById("shortcuts");
const shortcuts = Array.from(dialog?.querySelectorAll("[data-keys]") ?? [], (row) => ({ row, ...row.dataset }));
let before = "";
let pressedAt = 0;

const linkOf = (name) =>
  name === "back" ? document.querySelector(".govuk-back-link") : document.querySelector(`a[data-does="${name}"]`);

const lines = () => Array.from(document.querySelectorAll("[data-line]")).filter((line) => line.offsetParent !== null);
const current = () => document.activeElement?.closest("[data-line]");

const step = (by) => {
  const all = lines();
  const at = all.indexOf(current());
  const line = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  line?.querySelector("a[href]")?.focus();
};

const search = (address) => {
  const field = document.querySelector("main input[name='q']");
  if (field) {
    field.focus();
    field.select();
  } else {
    window.location.assign(`${address}#q`);
  }
};

const actions = {
  list: () => dialog.showModal(),
  search,
  go: (address) => window.location.assign(address),
  follow: (name) => linkOf(name)?.click(),
  next: () => step(1),
  previous: () => step(-1),
  open: () => current()?.querySelector("a[href]")?.click(),
  choose: () => current()?.querySelector("input[type='checkbox']")?.click(),
};

// Of the shortcuts that do not work everywhere, the dialog shows those that do something on this page.
const works = ({ does, target }) =>
  ({ follow: () => linkOf(target), next: () => lines()[0], previous: () => lines()[0], open: () => lines()[0] })[does]?.() ??
  (does === "choose" ? document.querySelector("[data-line] input[type='checkbox']") : !["follow", "next", "previous", "open"].includes(does));

const showWhatWorks = () => {
  shortcuts.forEach((one) => {
    one.row.hidden = !works(one);
  });
  dialog.querySelectorAll("[data-group]").forEach((group) => {
    group.hidden = !group.querySelector("[data-keys]:not([hidden])");
  });
};

const press = (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (dialog.open || event.target.closest?.(TYPED_IN)) return;
  const after = event.timeStamp - pressedAt < PAUSE_MS ? before : "";
  const keys = after ? `${after} ${event.key}` : event.key;
  const found = shortcuts.find((one) => one.keys === keys) ?? shortcuts.find((one) => one.keys === event.key);
  const begins = shortcuts.some((one) => one.keys.startsWith(`${event.key} `));
  before = found === undefined && begins ? event.key : "";
  pressedAt = event.timeStamp;
  if (found === undefined) return;
  event.preventDefault();
  actions[found.does](found.target);
};

if (dialog) {
  showWhatWorks();
  document.addEventListener("keydown", press);
  if (window.location.hash === "#q") search("");
}
