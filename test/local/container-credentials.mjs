// Run by container-credentials.test.ts in a process of its own: an app of a tenant, with an unmodified AWS SDK that
// knows nothing of Latchkey but two variables. Prints what each of its attempts gave.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const get = async (Key) => {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'latchkey-data', Key }));
    return await Body.transformToString();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};

console.log(JSON.stringify({ own: await get('acme/welcome.txt'), foreign: await get('globex/welcome.txt') }));
