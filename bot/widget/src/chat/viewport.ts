/** What of the window can be seen and reached: a telephone's keyboard covers part of it, and tells only here. */

/** Keep the chat as high as what is seen. Within a frame, the page around us does this. */
export function followViewport(window: Window): void {
  const view = window.visualViewport;
  if (!view || window.parent !== window) return;
  const { style } = window.document.documentElement;
  const follow = () => {
    // Who has zoomed in sees a part by their own wish.
    if (view.scale > 1.01) return style.removeProperty("--seen");
    style.setProperty("--seen", `${Math.round(view.height)}px`);
    window.scrollTo(0, 0);
    return undefined;
  };
  view.addEventListener("resize", follow);
  follow();
}

/** A wheel over what does not scroll would scroll the page around us: it does nothing. */
export function holdWheel(document: Document): void {
  const hold = (event: WheelEvent) => {
    const within = event.target instanceof Element && event.target.closest("main, textarea");
    if (!within && !event.ctrlKey) event.preventDefault(); // with Ctrl it zooms
  };
  document.addEventListener("wheel", hold, { passive: false });
}
