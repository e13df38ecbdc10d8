import { Catch, type INestApplication, type INestMicroservice, type RpcExceptionFilter } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { BusServer } from './bus-server';

/** Nest answers a remote caller "Internal server error"; the consumer must see the error itself, to judge it. */
@Catch()
class ErrorsAsTheyAre implements RpcExceptionFilter<unknown, never> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Connects the server to the application; `app.startAllMicroservices()` starts it, `app.close()` ends it. */
export function connectBus(app: INestApplication, server: BusServer): INestMicroservice {
  // Nest looks at the filters when it registers the handlers, so the filter has to come before them.
  const microservice = app.connectMicroservice({ strategy: server }, { deferInitialization: true });
  microservice.useGlobalFilters(new ErrorsAsTheyAre());
  if (!(microservice instanceof NestMicroservice)) throw new Error('Nest has made another kind of microservice.');
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
  server.errorsArrive();
  return microservice;
}
