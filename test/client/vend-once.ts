import { fromLatchkey } from '../../client/src/index.ts';

/** A process that needs credentials, for tests of what processes share: prints the vend's id. */
const { ENDPOINT: endpoint = '', TOKEN: token = '', DIRECTORY: directory = '' } = process.env;
// Patient, since ten of them may have one core.
const options = { endpoint, token, cache: { directory }, timeoutMilliseconds: 30_000 };
const { vendId } = await fromLatchkey(options)();
console.log(vendId);
