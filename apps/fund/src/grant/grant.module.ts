import { DoubleStructuresModule } from '@alliance/double-structures';
import { Module } from '@nestjs/common';

@Module({ imports: [DoubleStructuresModule], controllers: [] })
export class GrantModule {}
