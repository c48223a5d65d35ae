package io.camure.protocol.security;

import io.camure.protocol.base.IdTable;
import io.camure.wire.SealedHeader;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The keys under which a coordinator seals what is for all in a group: a new one for each group that had the id. */
final class GroupKeys {

    private final SealingCipher cipher;
    private final RandomGenerator random;
    private final IdTable<GroupKey> keys = new IdTable<>();

    private record GroupKey(int epoch, SharedKey shared, SealingKey sealing) {}

    GroupKeys(SealingCipher cipher, RandomGenerator random) {
        this.cipher = cipher;
        this.random = random;
    }

    /**
     * What seals for a group.
     *
     * @param epoch negative for the last one
     * @return {@code null} when nobody was told of any
     */
    @Nullable
    SealingKey sealing(int group, long epoch) {
        GroupKey key = epoch < 0 ? keys.find(group) : of(group, (int) epoch);
        return key == null ? null : key.sealing();
    }

    /** What a node is told that comes into a group. */
    byte[] told(int group, long epoch) {
        return of(group, (int) epoch).shared().told();
    }

    private GroupKey of(int group, int epoch) {
        GroupKey key = keys.find(group);
        if (key == null || key.epoch() != epoch) {
            SharedKey shared = SharedKey.random(random);
            key = new GroupKey(epoch, shared, shared.sealing(cipher, SealedHeader.Scope.GROUP, group));
            keys.put(group, key);
        }
        return key;
    }
}
