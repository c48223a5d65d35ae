package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a message is taken whole. */
class MessageTest {

    /** Never ends, and tells how much of it was read. */
    private static final class Endless extends InputStream {

        private long read;

        @Override
        public int read() {
            read++;
            return 7;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            read += length;
            return length;
        }
    }

    private static Message of(int bytes, int maximumBytes) {
        return new Message(new ByteArrayInputStream(new byte[bytes]), maximumBytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10})
    void oneUpToTheMaximumIs(int bytes) throws IOException {
        assertThat(of(bytes, 10).bytes()).hasSize(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 1000})
    void aLongerOneIsNotAndSaysWhatToDo(int bytes) {
        assertThatThrownBy(of(bytes, 10)::bytes)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than 10 bytes")
                .hasMessageContaining("camure.member.maximum-message-size")
                .hasMessageContaining("inputStream()");
    }

    @Test
    void oneWithoutAnEndTakesNoMoreThanTheMaximum() {
        Endless content = new Endless();
        assertThatThrownBy(new Message(content, 1 << 20)::bytes).isInstanceOf(IOException.class);
        assertThat(content.read).isEqualTo((1 << 20) + 1);
    }

    @Test
    void asAStreamItHasNoLimit() throws IOException {
        assertThat(of(1000, 10).inputStream().readAllBytes()).hasSize(1000);
        assertThat(Message.of(new byte[1000]).bytes()).hasSize(1000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
    void theMaximumHasBounds(int bytes) {
        assertThatThrownBy(() -> MemberConfig.builder().maximumMessageSize(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maximumMessageSize");
    }
}
