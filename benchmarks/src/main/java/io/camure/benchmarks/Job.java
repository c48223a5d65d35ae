package io.camure.benchmarks;

import java.io.IOException;

/** What a node does for one work, command by command. */
interface Job extends AutoCloseable {

    void run(Fields command) throws Exception;

    @Override
    void close() throws IOException;

    static Job open(Contender contender, Work work, Place place, Node node) throws Exception {
        if (work.isMeeting()) {
            return new MeetingJob(contender.meeting(place), node);
        }
        if (work.isCollective()) {
            return new MeetingJob(contender.collective(work, place), node);
        }
        if (place.isCoordinator()) {
            return new SendingJob(contender.sender(place), node);
        }
        Receipt receipt = new Receipt();
        return new ReceivingJob(contender.receiver(place, receipt), receipt, node);
    }
}
