import { AwsError } from '../aws-error.ts';

/** What a service model says of a string or a number. */
export interface Constraint {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

/** Collects every violated constraint of a call, since AWS reports all of them at once. */
export interface Constraints {
  readonly required: (at: string, value: string | undefined, constraint: Constraint) => string;
  readonly optional: (at: string, value: string | undefined, constraint: Constraint) => string | undefined;
  readonly integer: (at: string, value: string | undefined, constraint: Constraint) => number | undefined;
  readonly atMost: <Member>(at: string, list: readonly Member[], max: number) => readonly Member[];
  /** Throws ValidationError when any constraint was violated. */
  readonly settle: () => void;
}

/** Makes a collector of constraint violations in AWS's own words. */
export function createConstraints(): Constraints {
  const faults: string[] = [];
  const fault = (at: string, value: string, demand: string) => {
    faults.push(`Value ${value} at '${at}' failed to satisfy constraint: Member must ${demand}`);
  };
  const range = (at: string, value: string, size: number, what: string, { min, max }: Constraint) => {
    if (size < min) fault(at, `'${value}'`, `have ${what} greater than or equal to ${min}`);
    if (size > max) fault(at, `'${value}'`, `have ${what} less than or equal to ${max}`);
  };
  const optional: Constraints['optional'] = (at, value, constraint) => {
    if (value === undefined) return undefined;
    range(at, value, value.length, 'length', constraint);
    const { pattern } = constraint;
    if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(value)) {
      fault(at, `'${value}'`, `satisfy regular expression pattern: ${pattern.source}`);
    }
    return value;
  };

  return {
    optional,
    required(at, value, constraint) {
      if (value === undefined) fault(at, 'null', 'not be null');
      return optional(at, value, constraint) ?? '';
    },
    integer(at, value, constraint) {
      if (value === undefined) return undefined;
      if (/^-?\d+$/.test(value)) range(at, value, Number(value), 'value', constraint);
      else fault(at, `'${value}'`, 'be an integer');
      return Number(value);
    },
    atMost(at, list, max) {
      if (list.length > max)
        fault(at, `'[${list.length} members]'`, `have length less than or equal to ${max}`);
      return list;
    },
    settle() {
      if (faults.length === 0) return;
      const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected`;
      throw validationError(`${count}: ${faults.join('; ')}`);
    },
  };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}
