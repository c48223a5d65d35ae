package io.camure.sample;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the sample does.
 *
 * @param members how many members the coordinator waits for; of equal instances, with how many rounds begin
 * @param rounds how many barrier rounds to run once the file has arrived
 * @param file what the coordinator sends; needed there only
 * @param directory where a member stores what it receives
 * @param patience how long the file, and comparing it, may take
 * @param work how long this node works before each round, once it goes on without end
 * @param endless whether rounds go on until the process is ended, for who looks at the dashboard
 * @param database where equal instances have what elects one of them; needed there only
 * @param progress how the coordinator shows how far it is
 */
@ConfigurationProperties("sample")
record SampleProperties(
        int members,
        int rounds,
        @Nullable Path file,
        Path directory,
        Duration patience,
        Duration work,
        boolean endless,
        @Nullable String database,
        Progress.Style progress) {}
