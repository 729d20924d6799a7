// A key scrolls only a box that can have the focus, and a box in which all is in sight need not have it.
const watch = new ResizeObserver((changes) => {
  for (const { target: box } of changes) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
document.querySelectorAll("pre, .table-wrapper, .text_html, section > p:has(> img)").forEach((box) => watch.observe(box));
