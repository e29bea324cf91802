// SPDX-License-Identifier: Apache-2.0
package pinghu.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.flowable.engine.ProcessEngine;
import org.flowable.task.api.Task;

/** Leads one life after the other from its creation to its end, until the time is over. */
final class Client implements Callable<Client> {
    private record Taken(String step, long microseconds) {}

    private final ProcessEngine engine;
    private final String process;
    private final long end;
    private final List<Taken> taken = new ArrayList<>();
    private long lives;

    Client(ProcessEngine engine, String process, long end) {
        this.engine = engine;
        this.process = process;
        this.end = end;
    }

    @Override
    public Client call() {
        while (System.nanoTime() < end) {
            live();
        }
        return this;
    }

    private void live() {
        String life = create();
        Task task = null;
        do {
            if (System.nanoTime() >= end) {
                return;
            }
            task = complete(life);
        } while (!task.getTaskDefinitionKey().equals("deliver"));
        lives++;
    }

    private String create() {
        long began = System.nanoTime();
        String life = engine.getRuntimeService().startProcessInstanceByKey(process, UUID.randomUUID().toString()).getId();
        note("create", began);
        return life;
    }

    /** A step as an application takes it: what waits in this life, and its completion. */
    private Task complete(String life) {
        long began = System.nanoTime();
        Task task = engine.getTaskService().createTaskQuery().processInstanceId(life).singleResult();
        engine.getTaskService().complete(task.getId());
        note(task.getTaskDefinitionKey(), began);
        return task;
    }

    private void note(String step, long began) {
        taken.add(new Taken(step, (System.nanoTime() - began) / 1000));
    }

    long lives() {
        return lives;
    }

    void tell(StringBuilder told) {
        for (Taken step : taken) {
            told.append(step.step()).append(' ').append(step.microseconds()).append('\n');
        }
    }
}
