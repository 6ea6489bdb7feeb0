import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

const looks = {
  info: ['notice-info', 'spark', 'text-accent-text'],
  danger: ['notice-danger', 'alert', 'text-danger'],
  warn: ['notice-warn', 'alert', 'text-warn'],
  good: ['notice-good', 'check', 'text-good'],
} as const satisfies Record<string, readonly [string, IconName, string]>;

interface NoticeProps {
  kind: keyof typeof looks;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** A message within the page; errors are announced at once, others when there is time. */
export function Notice({ kind, title, children, action }: NoticeProps) {
  const [look, icon, colour] = looks[kind];
  return (
    <div role={kind === 'danger' ? 'alert' : 'status'} className={`notice enter flex-wrap ${look}`}>
      <span className={`mt-0.5 ${colour}`}>
        <Icon name={icon} />
      </span>
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className={title ? 'mt-0.5 text-ink-soft' : 'text-ink-soft'}>{children}</div>}
      </div>
      {action}
    </div>
  );
}
