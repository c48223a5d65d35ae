package io.camure.sample;

import static io.camure.test.CamureAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.camure.spring.boot.test.CamureTest;
import io.camure.test.CamureTestInbox;
import io.camure.test.CamureTestNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;
import tools.jackson.databind.json.JsonMapper;

/** What the coordinator sends, as scripted members see it. */
@CamureTest(properties = "sample.progress=none")
@Import(FileSender.class)
@EnableConfigurationProperties(SampleProperties.class)
@ActiveProfiles("coordinator")
class FileTransferTest {

    @Autowired
    FileSender sender;

    @Autowired
    CamureTestNetwork network;

    @Autowired
    JsonMapper json;

    @TempDir
    Path directory;

    @Test
    void everyMemberGetsTheFileAndItsDigest() throws Exception {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        CamureTestInbox[] files = new CamureTestInbox[2];
        CamureTestInbox[] digests = new CamureTestInbox[2];
        for (int i = 0; i < 2; i++) {
            var member = network.joinMember("member-" + i);
            files[i] = member.joinBroadcast("files");
            digests[i] = member.joinBroadcast("digests");
        }

        FileSender.Delivery delivery = sender.send(file);

        assertThat(delivery.sizeBytes()).isEqualTo(content.length);
        for (int i = 0; i < 2; i++) {
            assertThat(files[i].awaitMessages(1).get(0).bytes()).isEqualTo(content);
            digests[i].awaitMessages(1);
            assertThat(digests[i]).hasReceived(json.writeValueAsString(FileDigest.of(file)));
        }
    }
}
