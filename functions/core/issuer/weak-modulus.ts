/** The odd primes that a modulus is divided by. */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** The base of all primes that the faulty library made. */
const GENERATOR = 65_537;

/** Of each prime: the remainders that powers of the generator leave. */
const POWERS = PRIMES.map((prime) => {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) powers.add(power);
  return { prime: BigInt(prime), powers };
});

/**
 * Why an RSA modulus can be factored by anybody; undefined for one of which that is not known. Two flaws: small factors, and
 * primes made by Infineon's RSALib (ROCA, CVE-2017-15361): each is a multiple of the first primes' product plus a power of
 * 65537, so that the modulus is such a power modulo each of those primes; of others, one in 200 million is so by chance.
 */
export function modulusFlaw(modulus: bigint): string | undefined {
  if (modulus % 2n === 0n) return 'has a small factor';
  const remainders = POWERS.map(({ prime, powers }) => ({ remainder: Number(modulus % prime), powers }));
  if (remainders.some(({ remainder }) => remainder === 0)) return 'has a small factor';
  return remainders.every(({ remainder, powers }) => powers.has(remainder))
    ? 'is of the form of ROCA (CVE-2017-15361)'
    : undefined;
}
