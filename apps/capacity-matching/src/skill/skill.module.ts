import { Module } from '@nestjs/common';
import { SkillController } from './skill.http';

@Module({ controllers: [SkillController] })
export class SkillModule {}
