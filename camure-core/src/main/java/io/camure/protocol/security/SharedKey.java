package io.camure.protocol.security;

import io.camure.wire.SealedHeader;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * What the coordinator gives to the members of its session, or of a group, so that they can open what is for all of them.
 *
 * @param generation 0…63
 * @param seed 32 bytes that nobody else knows
 */
record SharedKey(int generation, byte[] seed) {

    static SharedKey random(RandomGenerator random) {
        byte[] seed = new byte[Hkdf.HASH_BYTES];
        random.nextBytes(seed);
        return new SharedKey(0, seed);
    }

    /** Another one in the place of this. */
    SharedKey following(RandomGenerator random) {
        return new SharedKey((generation + 1) % SealedHeader.GENERATIONS, random(random).seed);
    }

    SealingKey sealing(SealingCipher cipher, SealedHeader.Scope scope, int place) {
        return new SealingKey(aead(cipher, scope), scope, place, generation);
    }

    OpeningKey opening(SealingCipher cipher, SealedHeader.Scope scope, long first) {
        Aead aead = aead(cipher, scope);
        return scope == SealedHeader.Scope.GROUP ? OpeningKey.ofGroup(aead, first) : new OpeningKey(aead, first);
    }

    private Aead aead(SealingCipher cipher, SealedHeader.Scope scope) {
        return new Aead(cipher, cipher.derive(seed, scope == SealedHeader.Scope.GROUP ? "group" : "session"));
    }

    boolean isSameAs(SharedKey other) {
        return generation == other.generation && Arrays.equals(seed, other.seed);
    }

    /** Nothing that is secret. */
    @Override
    public String toString() {
        return "key of generation " + generation;
    }
}
