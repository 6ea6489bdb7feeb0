import type { UseFormRegisterReturn } from 'react-hook-form';
import { FieldError } from '@/components/Field';

interface ChoicesProps {
  id: string;
  legend: string;
  error?: string | null;
  register: UseFormRegisterReturn;
  options: { value: string; text: string }[];
}

/** One of a few values, all of them in view: radio buttons that look like labels. */
export function Choices({ id, legend, error, register, options }: ChoicesProps) {
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined} aria-invalid={error ? true : undefined} role="radiogroup">
      <legend className="field-label">{legend}</legend>
      <div className="mt-2 flex flex-wrap gap-2">
        {options.map(({ value, text }) => (
          <label key={value} className="choice">
            <input type="radio" className="sr-only" value={value} {...register} />
            {text}
          </label>
        ))}
      </div>
      <FieldError id={id} error={error} />
    </fieldset>
  );
}
