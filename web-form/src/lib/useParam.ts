import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';

/** A parameter of the address; `undefined` until the exported page knows its address. */
export function useParam(name: string): string | null | undefined {
  const router = useRouter();
  const [isHere, setHere] = useState(false);
  useEffect(() => setHere(true), []);
  if (!isHere || !router.isReady) return undefined;
  const value = router.query[name];
  return (Array.isArray(value) ? value[0] : value)?.trim() || null;
}
