/** Tells the page around an embedded form how high it is, whenever that changes. The height is no secret. */
export function reportHeight(): () => void {
  if (window.parent === window) return () => undefined;
  const report = () => {
    const height = document.body.scrollHeight;
    window.parent.postMessage({ type: 'fte:height', height }, '*');
  };
  const observer = new ResizeObserver(report);
  observer.observe(document.body);
  report();
  return () => observer.disconnect();
}
