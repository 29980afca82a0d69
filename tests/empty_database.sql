-- Takes away what a test left, and says whether the database is as the template was.
CREATE SCHEMA tests;

CREATE FUNCTION tests.empty_database() RETURNS boolean LANGUAGE plpgsql
  SET session_replication_role = replica AS $$
DECLARE
  one text;
  has_rows boolean;
  filled text[] := '{}';
BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  FOR one IN SELECT quote_ident(tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO has_rows;
    IF has_rows THEN filled := filled || one; END IF;
  END LOOP;
  IF filled <> '{}' THEN
    EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
  END IF;
  PERFORM setval(quote_ident(sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
  -- Whoever analysed it has changed how the next test's statements are planned.
  RETURN NOT EXISTS (
    SELECT FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid
    WHERE relnamespace = 'public'::regnamespace
  );
END
$$;