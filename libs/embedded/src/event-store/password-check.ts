import {
  type ServerInterceptor,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  ResponderBuilder,
} from '@grpc/grpc-js';

/** Lets no call pass that does not carry this user's name and password (HTTP Basic, as EventStoreDB has it). */
export function passwordCheck({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): ServerInterceptor {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return (_method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (metadata.get('authorization')[0] === expected) next(metadata);
        else call.sendStatus({ code: status.UNAUTHENTICATED, details: 'Name or password is not right.' });
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}
