import { encode } from 'uqr';

/** A QR code as one path, drawn here, because a secret must not be sent to an image service. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2, ecc: 'M' });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="size-44 rounded-md bg-[white]" shapeRendering="crispEdges">
      <path d={path} fill="black" />
    </svg>
  );
}
