import { Module } from '@nestjs/common';
import { PresenceController } from './presence.http';

@Module({ controllers: [PresenceController] })
export class PresenceModule {}
