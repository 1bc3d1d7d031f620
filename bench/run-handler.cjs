/*
 * `node run-handler.cjs <handler file> <event>`: loads a handler and gives it its first event, as Lambda's runtime does,
 * and nothing more. CommonJS and no types: whatever is loaded here counts as part of the floor.
 */
const [file, event] = process.argv.slice(2);

require(file)
  .handler(JSON.parse(event), { awsRequestId: '5f0c2e1a-6f0b-4a57-9d3c-1b2a3c4d5e6f' })
  .then(({ statusCode, body }) => {
    if (statusCode !== 200) console.error(`got status ${statusCode}, expected 200: ${body}`);
    // At once: connections that are kept alive would keep the process as well.
    process.exit(statusCode === 200 ? 0 : 1);
  });
