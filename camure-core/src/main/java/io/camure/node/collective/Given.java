package io.camure.node.collective;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The bytes of what a node gives. One with a {@link FixedForm} is written into the same ones each time. Used under the driver's lock. */
final class Given {

    private static final byte[] NOTHING = {};

    private ByteBuffer fixed = ByteBuffer.allocate(Long.BYTES);

    /**
     * The bytes of a value.
     *
     * @param given a value of the call's form, or bytes, or {@code null} for none
     * @return not to be changed until the round has ended
     */
    byte[] bytes(Call<?> call, @Nullable Object given) {
        if (given == null) {
            return NOTHING;
        } else if (given instanceof byte[] encoded) {
            return encoded;
        }
        FixedForm form = call.fixedForm();
        if (fixed.capacity() != form.bytes()) {
            fixed = ByteBuffer.allocate(form.bytes());
        }
        form.write(fixed, given);
        return fixed.array();
    }
}
