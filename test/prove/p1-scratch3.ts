import { proveProfile } from '../../prove/prove-profile.ts';
import { readUnchecked } from '../../prove/unchecked-profile.ts';
const B = 'arn:aws:s3:::data';
for (const n of [1, 5, 10, 20, 40]) for (const a of [1, 8]) {
  const st = (id: string) => Array.from({ length: n }, (_, i) => ({ Effect: 'Allow', Action: Array.from({ length: a }, (_, k) => `s3:Get${'xyzabcde'[k]}${i}`), Resource: `${B}/${id}/f${i}/*` }));
  const doc = (id: string) => ({ Version: '2012-10-17', Statement: st(id) });
  const T = '${aws:PrincipalTag/TenantId}';
  const c = process.cpuUsage();
  const p = proveProfile({ profile: readUnchecked({ name: 'x', description: 'x', roleArn: 'r', policy: doc('{{tenant.id}}') } as never, {}), role: { identityPolicies: { a: doc(T) }, boundary: doc(T) }, ownership: { owned: [{ name: 'o', resource: `${B}/{{tenant.id}}/*` }], shared: [] }, resources: {} });
  console.log(n, a, p.rows.length, p.passed, p.steps, (process.cpuUsage(c).user / 1000 | 0) + ' ms cpu', p.rows.find((r) => r.undecided)?.undecided);
}
