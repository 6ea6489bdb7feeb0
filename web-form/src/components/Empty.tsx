import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

/** A page or list without content: says why, and what to do next. */
export function Empty({ icon, title, children, action, level = 2 }: {
  icon: IconName;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  level?: 1 | 2;
}) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-4 py-14 text-center">
      <span className="flex size-12 items-center justify-center rounded-xl bg-accent-soft text-accent-text">
        <Icon name={icon} size={24} />
      </span>
      <Heading className="mt-5 text-xl">{title}</Heading>
      <p className="mt-2 text-sm text-ink-mute">{children}</p>
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}
