package io.camure.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every input that {@code ./fuzz} has found worth keeping, each of which takes a way of its own through the code. */
class CorpusTest {

    @TestFactory
    Stream<DynamicTest> chunkReader() throws Exception {
        return inputs("chunk-reader", ChunkReaderFuzzer::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> coordinator() throws Exception {
        return inputs("coordinator", CoordinatorFuzzer::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> member() throws Exception {
        return inputs("member", MemberFuzzer::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> sealedSessions() throws Exception {
        return inputs("sealed", SealedFuzzer::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> insiders() throws Exception {
        return inputs("insider", InsiderFuzzer::fuzzerTestOneInput);
    }

    @TestFactory
    Stream<DynamicTest> certificates() throws Exception {
        return inputs("certificates", CertificateFuzzer::fuzzerTestOneInput);
    }

    private static Stream<DynamicTest> inputs(String target, Consumer<byte[]> fuzzer)
            throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(
                Path.of(CorpusTest.class.getResource("/corpus/" + target).toURI()))) {
            List<Path> inputs = files.sorted().toList();
            assertThat(inputs).isNotEmpty();
            return inputs.stream()
                    .map(input -> DynamicTest.dynamicTest(
                            input.getFileName().toString(),
                            () -> assertThatCode(() -> fuzzer.accept(bytes(input)))
                                    .doesNotThrowAnyException()));
        }
    }

    private static byte[] bytes(Path input) {
        try {
            return Files.readAllBytes(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
