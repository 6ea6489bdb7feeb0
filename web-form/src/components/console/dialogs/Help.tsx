import { useDesk } from '@/lib/console/desk';
import type { Command, Group } from '@/lib/console/useShortcuts';
import { Kbd } from '../Kbd';
import { Modal } from './Modal';

const groups: Group[] = ['move', 'conversation', 'queues', 'page'];

/** Every key of the console. */
export function Help({ commands }: { commands: Command[] }) {
  const { t } = useDesk();
  return (
    <Modal title={t.keys} text={t.keysText} isWide>
      <div className="min-h-0 gap-x-8 overflow-y-auto px-5 py-4 sm:columns-2" tabIndex={0}>
        {groups.map((group) => (
          <div key={group} className="mb-4 break-inside-avoid">
            <h3 className="panel-title">{t.groups[group]}</h3>
            <dl className="mt-1">
              {commands
                .filter((command) => command.group === group && command.key)
                .map(({ id, key, text }) => (
                  <div key={id} className="flex min-h-8 items-center justify-between gap-4 border-b border-line">
                    <dt>{text}</dt>
                    <dd>
                      <span className="sr-only">{key}</span>
                      <Kbd of={key!} />
                    </dd>
                  </div>
                ))}
            </dl>
          </div>
        ))}
      </div>
    </Modal>
  );
}
