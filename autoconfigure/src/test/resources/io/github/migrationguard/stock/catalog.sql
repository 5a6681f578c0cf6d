-- Everything that users can define in a database, one line each
with own as (
  select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), relation as (
  select c.*, format('%I.%I', n.nspname, c.relname) as name from pg_class c join own n on n.oid = c.relnamespace
)
select line from (
  select 10 as kind, format('schema %I owner %s acl %s', nspname, pg_get_userbyid(nspowner), nspacl)
    from pg_namespace where oid in (select oid from own)
  union all
  select 20, format('relation %s kind %s persistence %s owner %s acl %s options %s row security %s %s replica identity %s'
      || ' partition %s %s tablespace %s', name, relkind, relpersistence, pg_get_userbyid(relowner), relacl, reloptions,
      relrowsecurity, relforcerowsecurity, relreplident, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
      reltablespace)
    from relation where relkind <> 'i'
  union all
  select 30, format('column %s.%I number %s type %s not null %s default %s identity %s generated %s collation %s'
      || ' storage %s compression %s statistics %s acl %s', r.name, attname, attnum,
      format_type(atttypid, atttypmod), attnotnull, pg_get_expr(d.adbin, d.adrelid), attidentity, attgenerated,
      case when attcollation <> 0 then attcollation::regcollation end, attstorage, attcompression,
      attstattarget, attacl)
    from pg_attribute a join relation r on r.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where attnum > 0 and not attisdropped and relkind <> 'i'
  union all
  select 40, format('constraint %s.%I %s valid %s', coalesce(r.name, contypid::regtype::text), conname,
      pg_get_constraintdef(k.oid), convalidated)
    from pg_constraint k left join relation r on r.oid = conrelid where connamespace in (select oid from own)
  union all
  select 50, format('index %s valid %s ready %s clustered %s replica identity %s', pg_get_indexdef(indexrelid),
      indisvalid, indisready, indisclustered, indisreplident)
    from pg_index join relation r on r.oid = indexrelid
  union all
  select 60, format('view %s populated %s: %s', name, relispopulated, pg_get_viewdef(oid))
    from relation where relkind in ('v', 'm')
  union all
  select 70, format('routine %s kind %s owner %s acl %s: %s', p.oid::regprocedure, prokind, pg_get_userbyid(proowner),
      proacl, case prokind when 'a' then '' else pg_get_functiondef(p.oid) end)
    from pg_proc p where pronamespace in (select oid from own)
      and not exists (select from pg_depend where objid = p.oid and classid = 'pg_proc'::regclass and deptype = 'e')
  union all
  select 80, format('trigger %s: %s', tgenabled, pg_get_triggerdef(t.oid))
    from pg_trigger t join relation r on r.oid = tgrelid where not tgisinternal
  union all
  select 90, format('rule %s', pg_get_ruledef(w.oid))
    from pg_rewrite w join relation r on r.oid = ev_class where rulename <> '_RETURN'
  union all
  select 100, format('policy %s.%s permissive %s roles %s for %s using %s check %s', r.name, polname, polpermissive,
      polroles::regrole[], polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
    from pg_policy join relation r on r.oid = polrelid
  union all
  select 110, format('sequence %I.%I type %s start %s min %s max %s by %s cycle %s cache %s last %s', schemaname,
      sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size, last_value)
    from pg_sequences
  union all
  select 120, format('type %I.%I kind %s owner %s acl %s base %s default %s labels %s', n.nspname, typname, typtype,
      pg_get_userbyid(typowner), typacl, format_type(nullif(typbasetype, 0), typtypmod), typdefault,
      (select array_agg(enumlabel order by enumsortorder) from pg_enum where enumtypid = t.oid))
    from pg_type t join own n on n.oid = typnamespace where typtype in ('e', 'd', 'r')
  union all
  select 130, format('extension %s %s in %s', extname, extversion, extnamespace::regnamespace) from pg_extension
  union all
  select 140, format('event trigger %s on %s %s tags %s calls %s', evtname, evtevent, evtenabled, evttags,
      evtfoid::regprocedure) from pg_event_trigger
  union all
  select 150, format('default privileges of %s in %s for %s: %s', defaclrole::regrole, defaclnamespace::regnamespace,
      defaclobjtype, defaclacl) from pg_default_acl
  union all
  select 160, format('setting of role %s: %s', setrole::regrole, setconfig) from pg_db_role_setting
    where setdatabase = (select oid from pg_database where datname = current_database())
  union all
  select 170, format('statistics %s', pg_get_statisticsobjdef(oid)) from pg_statistic_ext
  union all
  select 180, format('publication %s tables %s', pubname, (select array_agg(prrelid::regclass::text order by 1)
      from pg_publication_rel where prpubid = p.oid)) from pg_publication p
  union all
  select 190, format('large object %s', pg_get_userbyid(lomowner)) from pg_largeobject_metadata
  union all
  select 200, format('comment on %s: %s', pg_describe_object(classoid, objoid, objsubid), description)
    from pg_description d where objoid >= 16384
      and not exists (select from pg_depend e where e.objid = d.objoid and e.classid = d.classoid and deptype = 'e')
  union all
  select 210, format('prepared transaction %s', gid) from pg_prepared_xacts where database = current_database()
) as lines (kind, line)
order by kind, line
