import { once } from 'node:events';
import { measurePolicyRender } from './policy-render.ts';
import { measureTokenCheck } from './token-check.ts';
import { measureVendCpu } from './vend-cpu.ts';

/*
 * `node measure-cpu.ts <bundle> <token>`, forked: is sent tokens, takes what is measured in CPU time and sends the
 * rows back. In a process that holds no more than a sandbox of Lambda does: the parent's servers would be counted, its heap
 * makes garbage dearer, and @hono/node-server puts a Request and a Response of its own in the place of Node's.
 */
const [indexPath = '', token = ''] = process.argv.slice(2);
const [newTokens] = (await once(process, 'message')) as [string[]];

process.send?.([
  ...(await measureVendCpu(indexPath, token, newTokens)),
  ...(await measurePolicyRender()),
  ...(await measureTokenCheck(token)),
]);
process.disconnect();
