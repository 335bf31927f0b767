// Runs before the page is drawn, so that components made for scripts do not flash. Old browsers stay without.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
