import { Icon } from '@/components/Icon';
import type { Turn, TurnStep } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { fill } from '@/lib/fill';
import Replay from '../copilot/Replay';

/** What a turn of the bot did: steps, sources, model, tokens, cost, and its replay. Loaded when it is unfolded. */
export default function TurnBody({ turn }: { turn: Turn }) {
  const { t } = useDesk();
  return (
    <div className="mt-1.5 space-y-3 rounded-md border border-line bg-surface p-3 text-start text-ink-soft">
      <Figures turn={turn} />
      <div>
        <h4 className="panel-title">{t.sources}</h4>
        {turn.sources.length === 0 && <p className="mt-0.5">{t.noSources}</p>}
        <ul className="mt-0.5 space-y-0.5">
          {turn.sources.map(({ id, title: name }) => (
            <li key={id}>
              <a href={`/help?id=${encodeURIComponent(id)}`} target="_blank" rel="noopener" className="link inline-flex items-center gap-1">
                <Icon name="book" size={12} />
                {name}
              </a>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h4 className="panel-title">{t.steps}</h4>
        {turn.steps.length === 0 && <p className="mt-0.5">{t.noSteps}</p>}
        <ol className="mt-1 space-y-2">
          {turn.steps.map((step) => (
            <Step key={step.number} step={step} />
          ))}
        </ol>
      </div>
      {turn.end === 'committed' && <Replay turn={turn.id} />}
    </div>
  );
}

function Figures({ turn }: { turn: Turn }) {
  const { t, language } = useDesk();
  const number = new Intl.NumberFormat(language);
  const dollars = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 6 });
  const seconds = turn.ended_at ? (Date.parse(turn.ended_at) - Date.parse(turn.started_at)) / 1000 : null;
  const figures = [
    [t.model, turn.model],
    [t.tokens, number.format(turn.tokens)],
    [t.cost, dollars.format(turn.cost_micros / 1e6)],
    [t.took, seconds === null ? null : fill(t.seconds, { n: number.format(Math.round(seconds * 10) / 10) })],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      {figures.map(([term, value]) =>
        value === null ? null : (
          <div key={term}>
            <dt className="text-ink-mute">{term}</dt>
            <dd className="font-medium text-ink tabular-nums">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Step({ step }: { step: TurnStep }) {
  const { t } = useDesk();
  const known = step.kind in t.step ? t.step[step.kind as keyof typeof t.step] : step.kind;
  const text = summaryOf(step, t.stepCalls);
  return (
    <li>
      <p className="font-medium text-ink">
        {step.number}. {known}
      </p>
      {text && <p className="mt-0.5 whitespace-pre-line wrap-anywhere">{text}</p>}
      <details className="mt-0.5">
        <summary className="min-h-6 text-ink-mute">{t.raw}</summary>
        <pre tabIndex={0} className="max-h-64 overflow-auto rounded-sm bg-sunken p-2 font-mono text-[0.6875rem] leading-4 whitespace-pre-wrap">
          {JSON.stringify(step.content, null, 2)}
        </pre>
      </details>
    </li>
  );
}

/** The part of a recorded step that people look for: a search's words, a tool and its result, what the model said. */
function summaryOf({ content }: TurnStep, calls: string): string | null {
  if (content === null || typeof content !== 'object') return null;
  const step = content as {
    query?: string;
    name?: string;
    result?: string;
    said?: { text?: string | null; calls?: { name: string }[] };
  };
  if (step.query) return `“${step.query}”`;
  if (step.name) return [step.name, step.result].filter(Boolean).join(': ');
  if (step.said?.text) return step.said.text;
  const tools = step.said?.calls?.map(({ name }) => name).join(', ');
  return tools ? fill(calls, { tools }) : null;
}
