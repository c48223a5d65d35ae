package io.camure.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.camure.spring.boot.test.CamureListenerHarness;
import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestCoordinator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.MethodMode;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** What a member makes of what a scripted coordinator sends. It takes one file only, and so each test has its own. */
@CamureTest
@EnableConfigurationProperties(SampleProperties.class)
@ActiveProfiles("member")
class FileReceptionTest {

    @TempDir
    static Path directory;

    @Autowired
    FileReceiver receiver;

    @Autowired
    CamureTestCoordinator coordinator;

    @Autowired
    CamureListenerHarness listeners;

    @Autowired
    JsonMapper json;

    @DynamicPropertySource
    static void storeInDirectory(DynamicPropertyRegistry registry) {
        registry.add("sample.directory", () -> directory);
    }

    @Test
    @DirtiesContext(methodMode = MethodMode.BEFORE_METHOD)
    void storesTheFileThatWasSent() throws Exception {
        Path sent = Files.writeString(directory.resolve("sent"), "content");

        coordinator.broadcast("digests").send(json.writeValueAsBytes(FileDigest.of(sent)));
        coordinator.broadcast("files").send(Files.readAllBytes(sent));

        receiver.awaitFile();
        assertThat(directory.resolve("received")).hasSameTextualContentAs(sent);
    }

    @Test
    @DirtiesContext(methodMode = MethodMode.BEFORE_METHOD)
    void aFileThatIsGivenUpFails() throws Exception {
        coordinator
                .broadcast("digests")
                .send(json.writeValueAsBytes(FileDigest.of(Files.writeString(directory.resolve("sent"), "content"))));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> coordinator.broadcast("files").send(message -> {
                    message.write(new byte[10_000]);
                    throw new IOException("the disk is broken");
                }));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> receiver.awaitFile())
                .withCauseInstanceOf(IOException.class);
        listeners.awaitReceived("files", InputStream.class);
        assertThat(listeners.calls("files").get(0).failure()).isInstanceOf(IOException.class);
    }
}
