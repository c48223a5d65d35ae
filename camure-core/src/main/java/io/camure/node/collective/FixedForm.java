package io.camure.node.collective;

import io.camure.ValueCodec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Values whose bytes are always as many, by codecs of camure. Such a value is written where it is sent from, and read where it has arrived: no code
 * of users is needed for that, and no array.
 */
enum FixedForm {
    LONG(Long.BYTES) {
        @Override
        void write(ByteBuffer target, Object value) {
            target.putLong(0, (Long) value);
        }

        @Override
        Object read(ByteBuffer source) {
            return source.getLong(0);
        }
    },
    INT(Integer.BYTES) {
        @Override
        void write(ByteBuffer target, Object value) {
            target.putInt(0, (Integer) value);
        }

        @Override
        Object read(ByteBuffer source) {
            return source.getInt(0);
        }
    },
    DOUBLE(Double.BYTES) {
        @Override
        void write(ByteBuffer target, Object value) {
            target.putDouble(0, (Double) value);
        }

        @Override
        Object read(ByteBuffer source) {
            return source.getDouble(0);
        }
    },
    BOOLEAN(1) {
        @Override
        void write(ByteBuffer target, Object value) {
            target.put(0, (byte) ((Boolean) value ? 1 : 0));
        }

        @Override
        Object read(ByteBuffer source) {
            return source.get(0) != 0;
        }
    };

    private final int bytes;

    FixedForm(int bytes) {
        this.bytes = bytes;
    }

    /** That of the values of a codec, or {@code null}. */
    static @Nullable FixedForm of(ValueCodec<?> codec) {
        if (codec == ValueCodec.longs()) {
            return LONG;
        } else if (codec == ValueCodec.integers()) {
            return INT;
        } else if (codec == ValueCodec.doubles()) {
            return DOUBLE;
        }
        return codec == ValueCodec.booleans() ? BOOLEAN : null;
    }

    /** How many bytes each value has. */
    int bytes() {
        return bytes;
    }

    abstract void write(ByteBuffer target, Object value);

    abstract Object read(ByteBuffer source);
}
