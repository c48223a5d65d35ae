package io.camure.protocol.round;

import io.camure.protocol.group.MemberLink;
import io.camure.wire.ChunkReader;
import io.camure.wire.ChunkType;
import io.camure.wire.ChunkWriter;
import io.camure.wire.ReleaseProof;
import java.nio.ByteBuffer;

/** What a member says when no arrival acknowledges the end of a round. */
final class ReleaseAcks {

    private final MemberLink link;
    private final ChunkType release;
    private final int membership;

    ReleaseAcks(MemberLink link, ChunkType release, int membership) {
        this.link = link;
        this.release = release;
        this.membership = membership;
    }

    /**
     * Acknowledges the last release.
     *
     * @param nonce proves that it has come, if that is to be proven
     */
    void send(int group, long round, long delayMicros, boolean proves, long nonce) {
        ByteBuffer chunk = link.control();
        ChunkWriter.ack(chunk, group, round, release, delayMicros, membership);
        if (proves) {
            ReleaseProof.put(chunk, nonce);
        }
        link.send(chunk);
    }

    /** Acknowledges at once what has told the end of a round. */
    void answer(ChunkReader end, int group, long ended, boolean proves) {
        if (end.type() == release && proves) {
            send(group, ended, -1, true, ReleaseProof.in(end));
        } else {
            link.acknowledge(end, ended, membership);
        }
    }
}
