/** On a phone the on-screen keyboard covers the bottom of the page; the part that is still to be
    seen is told to the style sheet as --visible-height. */

/** Follow the visible height until the returned function is called. */
export function keepInSight(element: HTMLElement): () => void {
  const viewport = window.visualViewport;
  if (!viewport) return () => undefined;
  const measure = (): void => {
    element.style.setProperty('--visible-height', `${viewport.height}px`);
  };
  measure();
  viewport.addEventListener('resize', measure);
  return () => viewport.removeEventListener('resize', measure);
}
