import Link from 'next/link';
import { Empty } from '@/components/Empty';
import { Shell } from '@/components/Shell';
import { useSite } from '@/lib/i18n';

export default function NotFound() {
  const { texts } = useSite();
  const t = texts.common;
  const links = (
    <>
      <Link href="/" prefetch={false} className="btn btn-primary">
        {t.toStart}
      </Link>
      <Link href="/help" prefetch={false} className="btn btn-quiet">
        {t.help}
      </Link>
    </>
  );
  return (
    <Shell title={t.notFoundTitle}>
      <Empty icon="search" title={t.notFoundTitle} action={links} level={1}>
        {t.notFoundText}
      </Empty>
    </Shell>
  );
}
