-- The database of the first release, as its users have it: written once, never to be brought up to date.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE characters (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guild_id INTEGER, 
	name VARCHAR NOT NULL, 
	folded VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT uq_characters_guild_id_folded UNIQUE (guild_id, folded), 
	CONSTRAINT ck_characters_name_visible CHECK (length(folded) > 0)
);
INSERT INTO "characters" VALUES(1,41,'Riko','riko','2026-11-23 09:00:00.000000');
INSERT INTO "characters" VALUES(2,NULL,'Maki','maki','2026-11-23 09:00:00.000000');
INSERT INTO "characters" VALUES(3,41,'梨子','梨子','2026-11-23 09:00:00.000000');
CREATE TABLE consents (
	user_id INTEGER NOT NULL, 
	asked_at DATETIME, 
	answer VARCHAR(3), 
	at DATETIME, 
	CONSTRAINT pk_consents PRIMARY KEY (user_id), 
	CONSTRAINT ck_consents_answer CHECK (answer IN ('yes', 'no')), 
	CONSTRAINT ck_consents_answer_dated CHECK ((answer IS NULL) = (at IS NULL))
);
INSERT INTO "consents" VALUES(71,'2026-11-23 09:00:00.000000','yes','2026-11-23 09:00:00.000000');
INSERT INTO "consents" VALUES(72,'2026-11-23 09:00:00.000000','no','2026-11-23 09:00:00.000000');
INSERT INTO "consents" VALUES(74,'2026-11-23 09:00:00.000000',NULL,NULL);
CREATE TABLE corrections (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	face_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	user_id INTEGER, 
	moderator BOOLEAN NOT NULL, 
	via VARCHAR(8) NOT NULL, 
	character_id INTEGER, 
	undoes INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT fk_corrections_face_id FOREIGN KEY(face_id) REFERENCES faces (id) ON DELETE CASCADE, 
	CONSTRAINT fk_corrections_character_id FOREIGN KEY(character_id) REFERENCES characters (id), 
	CONSTRAINT fk_corrections_undoes FOREIGN KEY(undoes) REFERENCES corrections (id) ON DELETE CASCADE, 
	CONSTRAINT uq_corrections_undoes UNIQUE (undoes), 
	CONSTRAINT ck_corrections_kind CHECK (kind IN ('right', 'name', 'not', 'not_face', 'undo')), 
	CONSTRAINT ck_corrections_via CHECK (via IN ('reaction', 'button', 'menu', 'reply', 'command', 'import')), 
	CONSTRAINT ck_corrections_character_where_named CHECK ((kind IN ('right', 'name', 'not')) = (character_id IS NOT NULL)), 
	CONSTRAINT ck_corrections_undoes_where_undo CHECK ((kind = 'undo') = (undoes IS NOT NULL)), 
	CONSTRAINT ck_corrections_user_known CHECK (user_id IS NOT NULL OR via = 'import')
);
INSERT INTO "corrections" VALUES(1,1,'right',73,1,'button',1,NULL,'2026-11-23 09:00:00.000000');
INSERT INTO "corrections" VALUES(2,2,'name',71,0,'reply',3,NULL,'2026-11-23 09:00:00.000000');
INSERT INTO "corrections" VALUES(3,2,'not_face',72,0,'reaction',NULL,NULL,'2026-11-23 09:00:00.000000');
INSERT INTO "corrections" VALUES(4,2,'undo',72,0,'command',NULL,3,'2026-11-23 09:00:00.000000');
INSERT INTO "corrections" VALUES(5,3,'name',NULL,1,'import',2,NULL,'2026-11-23 09:00:00.000000');
CREATE TABLE faces (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	picture_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	x INTEGER NOT NULL, 
	y INTEGER NOT NULL, 
	w INTEGER NOT NULL, 
	h INTEGER NOT NULL, 
	angle DOUBLE NOT NULL, 
	score DOUBLE NOT NULL, 
	name VARCHAR, 
	confidence DOUBLE NOT NULL, 
	candidates JSON NOT NULL, 
	CONSTRAINT fk_faces_picture_id FOREIGN KEY(picture_id) REFERENCES pictures (id) ON DELETE CASCADE, 
	CONSTRAINT uq_faces_picture_id_number UNIQUE (picture_id, number), 
	CONSTRAINT ck_faces_number_from_one CHECK (number > 0)
);
INSERT INTO "faces" VALUES(1,1,1,10,20,90,90,0.0,1.0,'Riko',0.9,'[{"name": "Riko", "confidence": 0.9}]');
INSERT INTO "faces" VALUES(2,2,1,10,20,90,90,20.0,0.8,NULL,0.2,'[]');
INSERT INTO "faces" VALUES(3,3,1,0,0,96,96,0.0,1.0,NULL,0.0,'[]');
CREATE TABLE pictures (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	guild_id INTEGER, 
	source VARCHAR(7) NOT NULL, 
	channel_id INTEGER, 
	message_id INTEGER, 
	reply_id INTEGER, 
	attachment_id INTEGER, 
	url VARCHAR, 
	poster_id INTEGER, 
	origin VARCHAR, 
	model VARCHAR, 
	declined BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT ck_pictures_source CHECK (source IN ('discord', 'import')), 
	CONSTRAINT ck_pictures_only_imports_are_for_everyone CHECK (guild_id IS NOT NULL OR source = 'import'), 
	CONSTRAINT ck_pictures_poster_known CHECK (poster_id IS NOT NULL OR source = 'import')
);
INSERT INTO "pictures" VALUES(1,41,'discord',51,61,62,63,NULL,71,NULL,'v1',0,'2026-11-23 09:00:00.000000');
INSERT INTO "pictures" VALUES(2,41,'discord',51,64,65,66,NULL,72,NULL,'v1',1,'2026-11-23 09:00:00.000000');
INSERT INTO "pictures" VALUES(3,NULL,'import',NULL,NULL,NULL,NULL,NULL,NULL,'Maki/1.png',NULL,0,'2026-11-23 09:00:00.000000');
CREATE TABLE samples (
	face_id INTEGER NOT NULL, 
	held_out BOOLEAN NOT NULL, 
	picture_hash VARCHAR NOT NULL, 
	perceptual_hash VARCHAR, 
	embedder VARCHAR NOT NULL, 
	embedding BLOB NOT NULL, 
	crop BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_samples PRIMARY KEY (face_id), 
	CONSTRAINT fk_samples_face_id FOREIGN KEY(face_id) REFERENCES faces (id) ON DELETE CASCADE, 
	CONSTRAINT ck_samples_picture_hash_is_sha256 CHECK (length(picture_hash) = 64)
);
INSERT INTO "samples" VALUES(1,0,'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',NULL,'e1',X'003C',X'89504E470D0A1A0A0000000D4948445200000040000000400802000000250BE6890000006449444154789CEDCF410DC02000C040C0BF1C44A089D744F0B82CE92968E73D7BFCD9D201AF1AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD03E00C702F6C573160C0000000049454E44AE426082','2026-11-23 09:00:00.000000');
INSERT INTO "samples" VALUES(3,1,'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',NULL,'e1',X'003C',X'89504E470D0A1A0A0000000D4948445200000040000000400802000000250BE6890000006449444154789CEDCF410DC02000C040C0BF1C44A089D744F0B82CE92968E73D7BFCD9D201AF1AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD01AD03E00C702F6C573160C0000000049454E44AE426082','2026-11-23 09:00:00.000000');
CREATE TABLE watched_channels (
	channel_id INTEGER NOT NULL, 
	guild_id INTEGER NOT NULL, 
	added_by INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_watched_channels PRIMARY KEY (channel_id)
);
INSERT INTO "watched_channels" VALUES(51,41,73,'2026-11-23 09:00:00.000000');
CREATE INDEX ix_pictures_guild_id ON pictures (guild_id);
CREATE INDEX ix_pictures_reply_id ON pictures (reply_id);
CREATE INDEX ix_pictures_poster_id ON pictures (poster_id);
CREATE UNIQUE INDEX uq_characters_everyones ON characters (folded) WHERE guild_id IS NULL;
CREATE INDEX ix_corrections_said ON corrections (face_id, user_id, character_id, kind, via, moderator);
CREATE INDEX ix_corrections_character_id ON corrections (character_id);
CREATE INDEX ix_corrections_user_id ON corrections (user_id);
CREATE TRIGGER corrections_never_change BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'a correction is never changed: take it back with another row'); END;
CREATE TRIGGER corrections_never_replaced BEFORE INSERT ON corrections WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id OR undoes = NEW.undoes) BEGIN SELECT RAISE(ABORT, 'a correction is never changed: it is taken back once, with another row'); END;
CREATE INDEX ix_samples_picture_hash ON samples (picture_hash);
CREATE INDEX ix_watched_channels_guild_id ON watched_channels (guild_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('pictures',3);
INSERT INTO "sqlite_sequence" VALUES('faces',3);
INSERT INTO "sqlite_sequence" VALUES('characters',3);
INSERT INTO "sqlite_sequence" VALUES('corrections',5);
COMMIT;
