package io.camure.protocol.security;

import io.camure.protocol.base.IdTable;
import io.camure.wire.SealedHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a member and the coordinator have agreed on, at the member. */
final class MemberKeys {

    private final HandshakeTerms terms;
    private final SealingKey sealing;
    private final OpeningKey ofLink;
    private OpeningKey ofSession;
    private IdTable<GroupKey> groups = new IdTable<>();

    private record GroupKey(SharedKey shared, OpeningKey opening) {}

    /** @param split what both sides have agreed on */
    MemberKeys(HandshakeTerms terms, byte[][] split) {
        this.terms = terms;
        sealing = new SealingKey(terms.toCoordinator(split), SealedHeader.Scope.LINK, terms.link(), 0);
        ofLink = new OpeningKey(terms.toMember(split));
        ofSession = terms.sessionKey().opening(terms.cipher(), SealedHeader.Scope.SESSION);
    }

    /** What is the same as before keeps what it knows of what was taken. */
    void takeOver(MemberKeys earlier) {
        if (terms.sessionKey().isSameAs(earlier.terms.sessionKey())) {
            ofSession = earlier.ofSession;
            groups = earlier.groups;
        }
    }

    SealingKey sealing() {
        return sealing;
    }

    /** The key for a datagram that is for this member alone, or for all of the session. */
    @Nullable
    OpeningKey find(SealedHeader.@Nullable Scope scope, ByteBuffer datagram) {
        int place = SealedHeader.place(datagram);
        int generation = SealedHeader.generation(datagram);
        if (scope == SealedHeader.Scope.LINK) {
            return place == terms.link() && generation == 0 ? ofLink : null;
        }
        boolean ofThisSession = scope == SealedHeader.Scope.SESSION
                && place == 0
                && generation == terms.sessionKey().generation();
        return ofThisSession ? ofSession : null;
    }

    boolean knowsGroup(int group) {
        return groups.find(group) != null;
    }

    @Nullable
    OpeningKey ofGroup(int group, int generation) {
        GroupKey key = groups.find(group);
        return key != null && key.shared().generation() == generation ? key.opening() : null;
    }

    /** The coordinator has told the key of a group, maybe once more. */
    void onGroupKey(int group, SharedKey told) {
        GroupKey known = groups.find(group);
        if (known == null || !known.shared().isSameAs(told)) {
            groups.put(group, new GroupKey(told, told.opening(terms.cipher(), SealedHeader.Scope.GROUP)));
        }
    }
}
