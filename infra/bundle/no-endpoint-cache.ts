/**
 * Stands in for `@aws-sdk/endpoint-cache` in the vend function's bundle: 8 kB that remember what DynamoDB's discovery of
 * endpoints finds. It is off, and the client makes the cache all the same.
 */
export class EndpointCache {}
