/** Says something to screen readers when it changes; nothing is seen. */
export function Announcer({ text }: { text: string }) {
  return (
    <p aria-live="polite" role="status" className="sr-only">
      {text}
    </p>
  );
}
