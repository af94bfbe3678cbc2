for (const table of document.querySelectorAll('.table table')) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  if (body.rows.length < 3) continue;
  const total = row => row.className !== 'body';
  heads.forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.title = '按此列排序';
    head.append(button);
    button.onclick = () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const key = row => { const v = row.cells[at].dataset.v; return v === undefined ? null : +v; };
      const rows = [...body.rows], last = rows.filter(total);
      rows.filter(row => !total(row)).sort((a, b) => {
        const x = key(a), y = key(b);
        const order = x !== null && y !== null ? x - y
          : x !== null ? -1 : y !== null ? 1
          : a.cells[at].textContent.localeCompare(b.cells[at].textContent, 'zh-CN');
        return up || x === null || y === null && x !== null ? order : -order;
      }).concat(last).forEach(row => body.append(row));
    };
  });
}
