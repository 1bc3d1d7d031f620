/** A policy document in which every statement allows. */
export function policy(...statements: readonly object[]) {
  return {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  };
}
