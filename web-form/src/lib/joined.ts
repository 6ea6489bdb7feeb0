interface Page {
  messages: { id: string }[];
  older: string | null;
}

/** The messages before those of the newest page are kept; the page itself replaces what it covers. */
export function joined<T extends Page>(known: T, newest: T): T {
  const first = newest.messages[0];
  if (!first) return newest;
  const at = known.messages.findIndex((message) => message.id === first.id);
  if (at < 0) return newest;
  return { ...newest, older: known.older, messages: [...known.messages.slice(0, at), ...newest.messages] };
}
