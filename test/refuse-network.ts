import net from 'node:net';

/**
 * Closes the network outside loopback for a test file: every socket, of fetch and of the AWS SDK alike, begins in
 * `net.Socket.connect`.
 */
const connect = net.Socket.prototype.connect;

// Once in a worker, which runs one file after the other.
if (connect.name !== 'refuse')
  net.Socket.prototype.connect = function refuse(this: net.Socket, ...args: unknown[]) {
    const [first] = (Array.isArray(args[0]) ? args[0] : args) as [net.TcpNetConnectOpts | number | string];
    const host = typeof first === 'object' ? (first.host ?? 'localhost') : 'localhost';
    if (!/^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host)) {
      throw new Error(`the tests may not reach ${host}: loopback only`);
    }
    return Reflect.apply(connect, this, args);
  } as typeof connect;
