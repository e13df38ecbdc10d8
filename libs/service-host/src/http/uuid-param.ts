import { Param, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { invalidRequest } from './problem';

/** A UUID in the path, in lower case; 400 naming the parameter when it is none. */
export function UuidParam(name: string): ParameterDecorator {
  const pipe: PipeTransform<string, string> = {
    transform(value) {
      if (!isUUID(value)) throw invalidRequest([{ field: name, reason: 'invalid', expected: 'a UUID' }]);
      return value.toLowerCase();
    },
  };
  const param = Param(name, pipe);
  return (target, key, index) => {
    param(target, key, index);
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key !== undefined && descriptor) ApiParam({ name, format: 'uuid', type: String })(target, key, descriptor);
  };
}
