import { checkPrimeSync, generatePrimeSync, randomBytes, randomInt } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { modulusFlaw } from '../../../../functions/core/issuer/weak-modulus.ts';

/** The first 126 primes: what RSALib took for keys of 1984 to 3936 bits (Nemec and others, 2017, table 1). */
const FIRST_PRIMES = Array.from({ length: 702 }, (_, n) => n).filter(
  (n) => n > 1 && Array.from({ length: n - 2 }, (_, d) => d + 2).every((d) => n % d !== 0),
);

const productOf = (numbers: readonly number[]) => numbers.reduce((product, n) => product * BigInt(n), 1n);

/** A prime of 1024 bits as RSALib made them: k · M + 65537^a mod M. */
function rocaPrime(): bigint {
  const product = productOf(FIRST_PRIMES);
  for (;;) {
    let power = 1n;
    for (let exponent = randomInt(1000, 100_000); exponent > 0; exponent -= 1)
      power = (power * 65_537n) % product;
    for (let tries = 0; tries < 500; tries += 1) {
      const top = (1n << 1023n) / product + BigInt(`0x${randomBytes(5).toString('hex')}`);
      const candidate = top * product + power;
      if (checkPrimeSync(candidate)) return candidate;
    }
  }
}

const prime = (size: number) => generatePrimeSync(size, { bigint: true });

describe('an RSA modulus', () => {
  it('has 126 primes to be made from', () => {
    expect(FIRST_PRIMES).toHaveLength(126);
  });

  it('of the form of ROCA is found', () => {
    for (let made = 0; made < 3; made += 1)
      expect(modulusFlaw(rocaPrime() * rocaPrime())).toBe('is of the form of ROCA (CVE-2017-15361)');
  });

  it('of two good primes is let through, and so is one with one of ROCA’s', () => {
    // Primes of 256 bits have remainders as good as longer ones.
    const primes = Array.from({ length: 401 }, () => prime(256));
    for (let index = 0; index < 200; index += 1)
      expect(modulusFlaw((primes[index] ?? 0n) * (primes[index + 200] ?? 0n))).toBeUndefined();
    expect(modulusFlaw(rocaPrime() * prime(1024))).toBeUndefined();
  });

  test.each([2n, 3n, 11n, 37n, 163n, 167n])('with a factor %s is found', (factor) => {
    expect(modulusFlaw(prime(1024) * factor)).toBe('has a small factor');
  });

  it('of zero is found', () => {
    expect(modulusFlaw(0n)).toBe('has a small factor');
  });
});
