import { useRouter } from 'next/router';

/** A parameter of the address; `undefined` until the exported page knows its address. */
export function useParam(name: string): string | null | undefined {
  const router = useRouter();
  if (!router.isReady) return undefined;
  const value = router.query[name];
  return (Array.isArray(value) ? value[0] : value)?.trim() || null;
}
