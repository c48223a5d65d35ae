package io.camure.protocol.session;

import io.camure.protocol.group.MemberLink;
import io.camure.wire.ChunkReader;
import io.camure.wire.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * Whether what comes from the coordinator's address was said by it, to this incarnation of this member: an address is easily
 * forged, but who sees no traffic does not know what the two have called each other.
 */
final class Recognition {

    private final MemberLink link;

    Recognition(MemberLink link) {
        this.link = link;
    }

    /** Why a chunk is not believed, or {@code null} when it is. */
    @Nullable
    DropReason doubt(ChunkReader chunk) {
        return switch (chunk.type()) {
            case SESSION_WELCOME, SESSION_REFUSED ->
                link.isForAnotherNode(chunk.extension()) ? DropReason.EARLIER_INCARNATION : null;
            default -> null;
        };
    }
}
